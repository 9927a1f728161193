import { Public } from '@feather-identity/http';
import { isMigrated } from '@feather-identity/infra';
import { ApiError } from '@feather-identity/shared-http';
import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource } from 'typeorm';

/** How long `/readyz` waits for the database, in milliseconds. */
const PROBE_TIMEOUT_MS = 1000;

/** Probes for a load balancer or orchestrator. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  /** The process answers. */
  @Public()
  @Get('healthz')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The database is reachable and migrated. */
  @Public()
  @Get('readyz')
  async readiness(): Promise<{ status: 'ok' }> {
    if (!(await this.isReady())) {
      throw new ApiError({
        status: 503,
        error: 'service_unavailable',
        message: 'The database is not reachable or not migrated.',
        retryAfter: 1,
      });
    }
    return { status: 'ok' };
  }

  private async isReady(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, PROBE_TIMEOUT_MS);
    });
    const probe = isMigrated(this.dataSource).catch(() => false);
    const ready = await Promise.race([probe, timeout]);
    clearTimeout(timer);
    return ready;
  }
}
