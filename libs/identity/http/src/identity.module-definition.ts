import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { IdentityModuleOptions } from './identity.options.js';

/** Which routes a module has. */
export interface MountedRoutes {
  /** Whether the identity API is mounted. Default: true. */
  readonly controllers?: boolean;
  /**
   * Whether the operator API is mounted. Each of its routes is 404 until an operator key exists, for which the service's
   * command line is needed. Default: false.
   */
  readonly operatorApi?: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<IdentityModuleOptions>()
    .setClassMethodName('forRoot')
    // Known before the options are, when they come asynchronously.
    .setExtras<MountedRoutes>({ controllers: true, operatorApi: false })
    .build();
