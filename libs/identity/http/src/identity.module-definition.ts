import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { IdentityModuleOptions } from './identity.options.js';

/** Which routes of the identity API an application has: all or none, or all but `whoami`. */
export type MountedControllers = boolean | { readonly whoami: boolean };

/** Which routes a module has. */
export interface MountedRoutes {
  /** Which routes of the identity API are mounted. Default: true, for all. */
  readonly controllers?: MountedControllers;
  /**
   * Whether the operator API is mounted. Its routes answer 404 until an operator key exists, which only the service's
   * command line can create. Default: false.
   */
  readonly operatorApi?: boolean;
  /**
   * Whether the routes of the console's sessions and links are mounted. They need `ConsoleAuthentication.protect` and
   * `rewriteConsoleTarget`. Default: false.
   */
  readonly console?: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<IdentityModuleOptions>()
    .setClassMethodName('forRoot')
    // Known before the options are, when they come asynchronously.
    .setExtras<MountedRoutes>({ controllers: true, operatorApi: false, console: false })
    .build();
