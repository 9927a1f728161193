/** Where the keys of an application are: `embedded` in its own database, `remote` in a running service. */
export type ProtectMode = 'embedded' | 'remote';

/** The options of `nx g @feather-identity/nx:protect`, as its schema describes them. */
export interface ProtectOptions {
  /** The name of the application's project. */
  readonly project: string;
  readonly mode: ProtectMode;
  /** The prefix of every key. Default: `fth`. */
  readonly keyNamespace?: string;
  /** In `embedded` mode: use a database for keys alone, even if the application has one. Default: false. */
  readonly ownDatabase?: boolean;
}
