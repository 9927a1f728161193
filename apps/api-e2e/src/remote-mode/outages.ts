import { BlackHole } from '../support/black-hole.js';
import type { Installation } from '../support/installation.js';
import type { Service } from '../support/service.js';

/** A way for a service to go, and to come back: both resolve when it has. */
interface Outage {
  readonly what: string;
  readonly go: (service: Service, installation: Installation) => Promise<() => Promise<unknown>>;
}

const portOf = ({ url }: Service): string => new URL(url).port;
const restart = (service: Service, installation: Installation) => () => installation.start({ PORT: portOf(service) });

const ANYWHERE: readonly Outage[] = [
  {
    what: 'is shut down',
    go: async (service, installation) => {
      await service.stop();
      return restart(service, installation);
    },
  },
  {
    what: 'is killed',
    go: async (service, installation) => {
      await service.kill();
      return restart(service, installation);
    },
  },
  {
    what: 'hangs',
    go: async (service) => {
      service.hang();
      return async () => service.goOn();
    },
  },
];

const ON_LINUX: Outage = {
  what: 'is behind a network that swallows everything',
  go: async (service, installation) => {
    await service.kill();
    const hole = await BlackHole.open(installation, Number(portOf(service)));
    return async () => {
      await hole.close();
      await installation.start({ PORT: portOf(service) });
    };
  },
};

/** Every way that this system can show. */
export const OUTAGES = process.platform === 'linux' ? [...ANYWHERE, ON_LINUX] : ANYWHERE;
