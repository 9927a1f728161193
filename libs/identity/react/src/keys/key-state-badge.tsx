import type { ReactElement } from 'react';
import { Badge, type Tone } from '../ui/badge.js';
import { Countdown, Time, useOfNow } from '../ui/clock.js';
import { endIsUrgent, stateOf, type KeyLife, type KeyState } from './key-state.js';

const TONES: Readonly<Record<KeyState, Tone>> = {
  active: 'good',
  expiring: 'warn',
  rotating: 'info',
  expired: 'quiet',
  disabled: 'quiet',
  revoked: 'bad',
};

/** The state of a key: when it ends if that is soon, and what is left of a rotation. */
export function KeyStateBadge({ life }: { readonly life: KeyLife }): ReactElement {
  const state = useOfNow((now) => stateOf(life, now));
  const tone = useOfNow((now) => (state === 'expiring' && !endIsUrgent(life, now) ? 'good' : TONES[state]));
  return (
    <Badge tone={tone} dot>
      <StateText state={state} life={life} />
    </Badge>
  );
}

function StateText({ state, life }: { readonly state: KeyState; readonly life: KeyLife }): ReactElement {
  if (state === 'expiring' && life.expires_at !== null) {
    return (
      <span>
        Expires <Time at={life.expires_at} />
      </span>
    );
  }
  const earlier = life.previous_secret_expires_at ?? null;
  if (state === 'rotating' && earlier !== null) {
    return (
      <span>
        Rotating, <Countdown until={earlier} />
      </span>
    );
  }
  return <span>{state.charAt(0).toUpperCase() + state.slice(1)}</span>;
}
