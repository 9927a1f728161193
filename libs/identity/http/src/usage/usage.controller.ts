import { type ApiKeyUsage, type Caller, Clock, type OrganizationUsageReport, ReadUsage } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Get, Query, Res, type StreamableFile } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type HeaderResponse, nodeResponse } from '../header-response.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { ListScheduler } from '../listing/list-scheduler.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { USAGE_READ } from '../scopes.js';
import { rangeIn, UsageParameters, UsageQuery } from './usage.query.js';
import { toApiKeyUsage, toUsageResponse, USAGE_EXAMPLE, UsageResponse } from './usage.response.js';

/** How often the keys of the caller's organization are used. */
@IdentityController('usage', 'usage')
export class UsageController {
  constructor(
    private readonly readUsage: ReadUsage,
    private readonly lists: ListScheduler,
    private readonly clock: Clock,
  ) {}

  @ProtectedOperation({
    operationId: 'getUsage',
    summary: 'Read how often the keys of the current organization were used, and how the requests ended',
    description:
      'Counts are some seconds late. Requests with a wrong secret count for no key. Hours are kept for 90 days ' +
      'and days for ' +
      '3 years, unless the operator has set otherwise.',
    scopes: [USAGE_READ],
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: UsageResponse, example: USAGE_EXAMPLE })
  @UsageParameters()
  @Get()
  async read(
    @CurrentCaller() caller: Caller,
    @Query(new RequestPipe(UsageQuery)) query: Readonly<UsageQuery>,
    @Res({ passthrough: true }) response: HeaderResponse,
  ): Promise<UsageResponse | StreamableFile> {
    const { granularity, api_key_id: apiKeyIds, by_key: byKey } = query;
    const range = rangeIn(query, granularity, this.clock.now());
    const organizationId = caller.organization.id;
    const answer = nodeResponse(response);
    await this.lists.admit(organizationId, answer);
    const report = await this.lists.part(() => this.readUsage.execute(organizationId, { ...range, apiKeyIds }));
    if (byKey) return this.sendByKey(organizationId, report, answer);
    this.lists.endWhenStalled(answer);
    return toUsageResponse(report);
  }

  /** Key by key: the buckets of 100 keys may be 11 MB. */
  private sendByKey(
    organizationId: string,
    report: OrganizationUsageReport,
    answer: ReturnType<typeof nodeResponse>,
  ): StreamableFile {
    const { keys, ...whole } = report;
    const { readUsage } = this;
    async function* withBuckets(): AsyncGenerator<readonly (ApiKeyUsage | null)[], void> {
      for (const key of keys) {
        const { buckets } = await readUsage.execute(organizationId, { ...whole, apiKeyIds: [key.apiKeyId] });
        yield [{ ...key, buckets }];
      }
      // The end of the answer.
      yield [null];
    }
    let separator = '';
    const toText = ([usage]: readonly (ApiKeyUsage | null)[]): string => {
      if (usage === null || usage === undefined) return ']}';
      const text = separator + JSON.stringify(toApiKeyUsage(usage));
      separator = ',';
      return text;
    };
    // Without the brackets that close it, of an answer without keys.
    const first = JSON.stringify(toUsageResponse({ ...whole, keys: [] })).slice(0, -2);
    return this.lists.sendText(answer, { type: 'application/json' }, { first, rest: withBuckets(), toText });
  }
}
