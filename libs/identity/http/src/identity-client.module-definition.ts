import type { RemoteVerifierOptions } from '@feather-identity/client';
import { ConfigurableModuleBuilder } from '@nestjs/common';
import { MODULE_OPTIONS_TOKEN } from './identity.module-definition.js';
import type { AuthenticationLimits, KeyLocation } from './identity.options.js';

/**
 * Options of `IdentityClientModule.forRoot`: the service that has the keys, how long its answers are used, limits, and
 * where keys are read from, independent of what the service itself accepts.
 */
export interface IdentityClientModuleOptions extends RemoteVerifierOptions, AuthenticationLimits, KeyLocation {}

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<IdentityClientModuleOptions>({
  // The one that authentication reads its limits from, in either module.
  optionsInjectionToken: MODULE_OPTIONS_TOKEN,
})
  .setClassMethodName('forRoot')
  .build();
