import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { IdentityModuleOptions } from './identity.options.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<IdentityModuleOptions>()
    .setClassMethodName('forRoot')
    // Known before the options are, when they come asynchronously.
    .setExtras<{ controllers?: boolean }>({ controllers: true })
    .build();
