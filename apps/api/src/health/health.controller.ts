import { setTimeout as sleep } from 'node:timers/promises';
import { Public } from '@feather-identity/http';
import { assertReady, DatabaseNotReadyError, PepperRing } from '@feather-identity/infra';
import { ApiError } from '@feather-identity/shared-http';
import { Controller, Get, Head, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { assertPepperIsRemembered } from '../services/key-settings.js';

/** How long `/readyz` waits for the database, in milliseconds. */
const PROBE_TIMEOUT_MS = 1000;

/** Probes for a load balancer or orchestrator. */
@ApiExcludeController()
@Controller()
export class HealthController {
  /**
   * The check that is under way. All who ask meanwhile share it: anybody may ask, and each check takes connections that
   * requests wait for.
   */
  #look: Promise<string | undefined> | undefined;

  #isLeaving = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(PepperRing) private readonly peppers: PepperRing | null,
  ) {}

  /** From now on the service is not ready, so that load balancers send their requests elsewhere. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** The process answers. */
  @Public()
  @Get('healthz')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The same for probes that ask by HEAD. */
  @Public()
  @Head('healthz')
  headOfHealth(): { status: 'ok' } {
    return this.health();
  }

  /** Requests can be served from the database. */
  @Public()
  @Get('readyz')
  async readiness(): Promise<{ status: 'ok' }> {
    if (this.#isLeaving) throw notReady('The service is shutting down.');
    this.#look ??= this.reasonNotReady().finally(() => {
      this.#look = undefined;
    });
    const reason = await this.#look;
    if (reason === undefined) return { status: 'ok' };
    throw notReady(reason);
  }

  /** The same for probes that ask by HEAD. */
  @Public()
  @Head('readyz')
  headOfReadiness(): Promise<{ status: 'ok' }> {
    return this.readiness();
  }

  private async assertReady(): Promise<void> {
    await assertReady(this.dataSource);
    if (this.peppers !== null) await assertPepperIsRemembered(this.dataSource, this.peppers);
  }

  private async reasonNotReady(): Promise<string | undefined> {
    try {
      await Promise.race([this.assertReady(), rejectAfter(PROBE_TIMEOUT_MS)]);
      return undefined;
    } catch (error) {
      return error instanceof DatabaseNotReadyError ? error.message : 'The database is not reachable.';
    }
  }
}

function notReady(message: string): ApiError {
  return new ApiError({ status: 503, error: 'service_unavailable', message, retryAfter: 1 });
}

/** Rejects after this time. Does not keep the process alive. */
async function rejectAfter(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false });
  throw new Error('The probe timed out.');
}
