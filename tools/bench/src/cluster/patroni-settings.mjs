import { readFileSync } from 'node:fs';

const HAPROXY = new URL('../../../../docs/failover/haproxy.cfg', import.meta.url);

/** Seconds: how long a leader may be silent, how often Patroni looks, and how long it tries to reach etcd. */
export const PATRONI_SECONDS = { ttl: 20, loop_wait: 5, retry_timeout: 5 };

/** The settings of one node. JSON is YAML too. */
export function patroniSettings({ name, folder, bin, etcdApi, ports, wires }) {
  return {
    scope: 'feather',
    name,
    restapi: { listen: `127.0.0.1:${ports.rest}`, connect_address: `127.0.0.1:${wires.rest}` },
    // use_proxies: otherwise Patroni asks etcd for its address, and goes around the wire.
    [etcdApi]: { hosts: `127.0.0.1:${wires.etcd}`, use_proxies: true },
    bootstrap: {
      dcs: {
        ...PATRONI_SECONDS,
        maximum_lag_on_failover: 1_048_576,
        // A commit returns when a standby has it, and only such a standby is promoted.
        synchronous_mode: true,
        // Without a standby, commits wait instead of going on alone.
        synchronous_mode_strict: true,
        postgresql: {
          use_pg_rewind: true,
          parameters: { max_connections: 100, synchronous_commit: 'on', wal_log_hints: 'on', hot_standby: 'on' },
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'],
    },
    postgresql: {
      listen: `127.0.0.1:${ports.postgres}`,
      connect_address: `127.0.0.1:${wires.postgres}`,
      data_dir: `${folder}/data`,
      bin_dir: bin,
      pgpass: `${folder}/pgpass`,
      // A node that cannot be rewound is copied anew; otherwise that waits for minutes for a checkpoint.
      remove_data_directory_on_rewind_failure: true,
      basebackup: [{ checkpoint: 'fast' }],
      authentication: { superuser: { username: 'postgres' }, replication: { username: 'replicator' } },
      pg_hba: ['host all all 127.0.0.1/32 trust', 'host replication replicator 127.0.0.1/32 trust'],
      parameters: { unix_socket_directories: '' },
    },
  };
}

/** The HAProxy of the documentation, with these addresses. */
export function haproxySettings(port, nodes) {
  const lines = readFileSync(HAPROXY, 'utf8').split('\n');
  const servers = nodes.map(
    ({ name, wires }) => `  server ${name} 127.0.0.1:${wires.postgres} check port ${wires.rest}`,
  );
  return [...lines.filter((line) => !line.startsWith('  server ')), ...servers, '']
    .map((line) => line.replace('127.0.0.1:5000', `127.0.0.1:${port}`))
    .join('\n');
}
