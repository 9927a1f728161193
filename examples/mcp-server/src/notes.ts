import { Injectable } from '@nestjs/common';

/** The notes of each organization, in memory. */
@Injectable()
export class Notes {
  readonly #notes = new Map<string, string[]>();

  of(organizationId: string): readonly string[] {
    return this.#notes.get(organizationId) ?? [];
  }

  add(organizationId: string, note: string): void {
    this.#notes.set(organizationId, [...this.of(organizationId), note]);
  }
}
