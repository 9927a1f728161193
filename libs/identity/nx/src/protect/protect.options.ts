/** Where an application's keys are: in its own database, or in a running service. */
export type ProtectMode = 'embedded' | 'remote';

/** The options of `nx g @feather-identity/nx:protect`, as its schema describes them. */
export interface ProtectOptions {
  /** The name of the application's project. */
  readonly project: string;
  readonly mode: ProtectMode;
  /** What keys begin with; `fth` without it. */
  readonly keyNamespace?: string;
  /** With `embedded`, a database for keys alone, whatever the application has. */
  readonly ownDatabase?: boolean;
}
