import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { IdentityModuleOptions } from './identity.options.js';

/** Which routes of the identity API an application has: all or none, or all but `whoami`. */
export type MountedControllers = boolean | { readonly whoami: boolean };

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<IdentityModuleOptions>()
    .setClassMethodName('forRoot')
    // Known before the options are, when they come asynchronously.
    .setExtras<{ controllers?: MountedControllers }>({ controllers: true })
    .build();
