import { randomInt } from 'node:crypto';
import { IdentityError } from '@feather-identity/core';
import type { SqlParameters } from './sql-parameters.js';
import type { TableNames } from './table-names.js';

/** Looked at first: one of them is likely to be free unless most places are taken. */
const TRIES = 12;

/** The keys of one organization among which a place is looked for. */
interface PlaceTerms {
  readonly tables: TableNames;
  readonly organizationId: string;
  readonly maxKeys: number | undefined;
}

/** SQL that selects a `place` for one more key of an organization, or no row; null where there is no limit. */
export type PlaceSearch = (parameters: SqlParameters, terms: PlaceTerms) => string;

/**
 * Looks at a few places anywhere, which costs little. Where it finds none, others may be free; so too where a key has
 * none of the places, which has to be counted.
 */
export const somePlace: PlaceSearch = (parameters, terms) => {
  const { maxKeys } = terms;
  if (maxKeys === undefined) return noPlace(parameters);
  const limit = parameters.mark(maxKeys, 'integer');
  const unrevoked = unrevokedOf(parameters, terms);
  // The orders have both databases go through the index, whatever they guess of the values.
  const tries = Array.from({ length: TRIES }, () => `(${anywhere(parameters, maxKeys)})`);
  return (
    `SELECT column1 AS place FROM (VALUES ${tries.join(', ')}) AS tried ` +
    `WHERE column1 < ${limit} AND (SELECT id FROM ${unrevoked} AND place = tried.column1 ORDER BY place LIMIT 1) IS NULL ` +
    `AND (SELECT id FROM ${unrevoked} AND place >= ${limit} ORDER BY place DESC LIMIT 1) IS NULL ` +
    `AND (SELECT id FROM ${unrevoked} AND place IS NULL ORDER BY place LIMIT 1) IS NULL LIMIT 1`
  );
};

/**
 * Finds the free place next to one anywhere, and none only where the organization has as many keys as it may. A key that
 * counts and has none of the places, because it is from before the limit was lowered or was made without one, blocks the
 * highest place that is free.
 */
export const freePlace: PlaceSearch = (parameters, terms) => {
  const { maxKeys } = terms;
  if (maxKeys === undefined) return noPlace(parameters);
  const limit = parameters.mark(maxKeys, 'integer');
  const unrevoked = unrevokedOf(parameters, terms);
  // As many as are allowed leave no place: a million imported keys, which have none, are not counted to the end.
  const countOf = (which: string) =>
    `(SELECT count(*) FROM (SELECT 1 FROM ${unrevoked} AND ${which} ORDER BY place LIMIT ${limit}) AS outside)`;
  const isFree = (place: string) =>
    `NOT EXISTS (SELECT 1 FROM ${unrevoked.replace(' AS api_keys ', ' AS other ')} AND other.place = ${place})`;
  const nextFree = (step: '+ 1' | '- 1', among: string, order: 'ASC' | 'DESC') =>
    `(SELECT place ${step} FROM ${unrevoked} AND ${among} AND ${isFree(`api_keys.place ${step}`)} ` +
    `ORDER BY place ${order} LIMIT 1)`;
  return `WITH outside AS MATERIALIZED (
    SELECT ${countOf('place >= ' + limit)} + ${countOf('place IS NULL')} AS keys
  ), unblocked AS MATERIALIZED (
    SELECT ${limit} - keys - CASE WHEN keys = 0 THEN 0 ELSE (
      SELECT count(*) FROM (
        SELECT place, row_number() OVER (ORDER BY place DESC) AS from_above
        FROM ${unrevoked} AND place < ${limit}
      ) AS taken WHERE ${limit} - place - from_above < keys
    ) END AS places FROM outside
  ), start AS MATERIALIZED (
    SELECT places, ${anywhere(parameters, maxKeys)} % places AS place FROM unblocked WHERE places > 0
  ), found AS MATERIALIZED (
    SELECT COALESCE(
      CASE WHEN ${isFree('start.place')} THEN start.place END,
      ${nextFree('+ 1', 'place >= start.place AND place + 1 < start.places', 'ASC')},
      ${nextFree('- 1', 'place > 0 AND place <= start.place', 'DESC')}
    ) AS place FROM start
  ) SELECT place FROM found WHERE place IS NOT NULL`;
};

/** The refusal of a key for which no place was found. */
export function limitReached(): IdentityError {
  return new IdentityError(
    'api_key.limit_reached',
    'The organization has as many API keys as it may: revoke one first.',
  );
}

function noPlace(parameters: SqlParameters): string {
  return `SELECT ${parameters.mark(null, 'integer')} AS place`;
}

function unrevokedOf(parameters: SqlParameters, { tables, organizationId }: PlaceTerms): string {
  const organization = parameters.mark(organizationId, 'uuid');
  return `${tables.apiKeys} AS api_keys WHERE organization_id = ${organization} AND revoked_at IS NULL`;
}

/** Inserts that run at once would meet if they did not begin at random. */
function anywhere(parameters: SqlParameters, maxKeys: number): string {
  return parameters.mark(randomInt(Math.max(maxKeys, 1)), 'integer');
}
