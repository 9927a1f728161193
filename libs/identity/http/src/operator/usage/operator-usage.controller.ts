import { Clock, FindOrganization, IdentityError, type OrganizationUsage, ReadUsage } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Get, Query } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';
import { formatInstant } from '../../instant.js';
import { EXAMPLE } from '../../openapi-examples.js';
import { ApiTitledSchema } from '../../titled-schema.decorator.js';
import { rangeIn, UsagePeriodParameters, UsagePeriodQuery } from '../../usage/usage.query.js';
import {
  toUsageTotals,
  USAGE_EXAMPLE,
  USAGE_TOTALS_EXAMPLE,
  UsagePeriodResponse,
  UsageTotalsResponse,
} from '../../usage/usage.response.js';
import { OperatorController, OperatorOperation } from '../operator-controller.decorator.js';

/** What became of the requests with the keys of one organization. */
@ApiTitledSchema('OrganizationUsageResponse', 'The requests with the keys of one organization.')
class OrganizationUsageResponse extends UsageTotalsResponse {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Organization Id',
    description: 'The organization.',
    examples: [EXAMPLE.organizationId],
  })
  readonly organization_id!: string;
  @ApiProperty({ type: 'string', title: 'Name', description: 'Its name.', examples: [EXAMPLE.organizationName] })
  readonly name!: string;
}

/** The organizations that were used most. */
@ApiTitledSchema('InstallationUsageResponse', 'The 100 busiest organizations, busiest first.')
class InstallationUsageResponse extends UsagePeriodResponse {
  @ApiProperty({ type: [OrganizationUsageResponse], title: 'Data', description: 'Those that were used.' })
  readonly data!: readonly OrganizationUsageResponse[];
}

const EXAMPLE_ANSWER: InstallationUsageResponse = {
  from: USAGE_EXAMPLE.from,
  to: USAGE_EXAMPLE.to,
  data: [
    Object.assign({ organization_id: EXAMPLE.organizationId, name: EXAMPLE.organizationName }, USAGE_TOTALS_EXAMPLE),
  ],
};

/** How often the keys of all organizations are used. */
@OperatorController('usage')
export class OperatorUsageController {
  constructor(
    private readonly readUsage: ReadUsage,
    private readonly findOrganization: FindOrganization,
    private readonly clock: Clock,
  ) {}

  @OperatorOperation({
    operationId: 'getUsageOfOrganizations',
    summary: 'Read how often the keys of each organization were used',
    description: 'The 100 busiest organizations, by whole days in UTC, of at most 400 days.',
    scope: 'usage:read',
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    type: InstallationUsageResponse,
    example: EXAMPLE_ANSWER,
  })
  @UsagePeriodParameters()
  @Get()
  async read(
    @Query(new RequestPipe(UsagePeriodQuery)) query: Readonly<UsagePeriodQuery>,
  ): Promise<InstallationUsageResponse> {
    const { from, to } = rangeIn(query, 'day', this.clock.now());
    const usages = await this.readUsage.ofOrganizations({ from, to });
    const data: OrganizationUsageResponse[] = [];
    for (const usage of usages) {
      const name = await this.nameOf(usage);
      // One that has been deleted since.
      if (name !== null)
        data.push(Object.assign({ organization_id: usage.organizationId, name }, toUsageTotals(usage)));
    }
    const firstDay = new Date(from);
    firstDay.setUTCHours(0, 0, 0, 0);
    return { from: formatInstant(firstDay), to: formatInstant(to), data };
  }

  private async nameOf({ organizationId }: OrganizationUsage): Promise<string | null> {
    try {
      return (await this.findOrganization.execute(organizationId)).name;
    } catch (error) {
      if (error instanceof IdentityError && error.code === 'organization.not_found') return null;
      throw error;
    }
  }
}
