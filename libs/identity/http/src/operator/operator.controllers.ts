import { OperatorApiKeysController, OrganizationApiKeysController } from './api-keys/operator-api-keys.controller.js';
import { OperatorAuditController } from './audit/operator-audit.controller.js';
import { MembersController } from './members/members.controller.js';
import { OperatorUsageController } from './usage/operator-usage.controller.js';
import { OrganizationsController } from './organizations/organizations.controller.js';

/** The controllers of the operator API. */
export const OPERATOR_CONTROLLERS = [
  OrganizationsController,
  MembersController,
  OrganizationApiKeysController,
  OperatorApiKeysController,
  OperatorAuditController,
  OperatorUsageController,
];
