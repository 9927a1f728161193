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
      remove_data_directory_on_rewind_failure: true,
      remove_data_directory_on_diverged_timelines: true,
      authentication: { superuser: { username: 'postgres' }, replication: { username: 'replicator' } },
      pg_hba: ['host all all 127.0.0.1/32 trust', 'host replication replicator 127.0.0.1/32 trust'],
      parameters: { unix_socket_directories: '' },
    },
  };
}

/**
 * HAProxy leads to the node whose Patroni says that it is the primary, and closes the connections to one that no longer
 * is. It notices within `fall * inter` and the time of the last check, which must be less than Patroni's ttl.
 */
export function haproxySettings(port, nodes) {
  return `defaults
  mode tcp
  timeout connect 2s
  timeout client 30m
  timeout server 30m
  timeout check 2s

listen primary
  bind 127.0.0.1:${port}
  option httpchk GET /primary
  http-check expect status 200
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${nodes.map(({ name, wires }) => `  server ${name} 127.0.0.1:${wires.postgres} check port ${wires.rest}\n`).join('')}`;
}
