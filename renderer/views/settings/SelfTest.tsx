import { useState } from 'react';
import { formatDuration } from '../../../shared/format.ts';
import type { Check, SelfTest as Tried } from '../../../shared/model.ts';
import { Button } from '../../widgets/Button.tsx';
import { useCall } from './useCall.ts';

const ends: { readonly [Result in Check['result']]: string } = {
  holds: 'holds',
  fails: 'does not hold here',
  'not-here': 'cannot be tried here',
};

/** Tries on this machine, in a temporary place, what a clear relies on, and tells what came of each trial. */
export const SelfTest = () => {
  const [tried, setTried] = useState<Tried | null>(null);
  const { run, busy, error } = useCall('selfTest');
  return (
    <>
      <div className="about-head">
        <p className="settings-note">
          {busy
            ? 'Trying: links that are swapped, mounts, kills, a full disk, locks. This takes up to a minute.'
            : 'All of it can be tried on this machine, in a temporary folder. Your caches are not touched.'}
        </p>
        <Button disabled={busy} onClick={() => void run({}).then((answer) => answer && setTried(answer))}>
          {tried === null ? 'Try it' : 'Try it again'}
        </Button>
      </div>
      {tried && (
        <ul className="guarantees" aria-label="What was tried">
          {tried.checks.map(({ name, result, how, ms }) => (
            <li key={name} data-holds={result === 'holds'}>
              <span>
                {name.charAt(0).toUpperCase() + name.slice(1)}
                <b> – {ends[result]}</b>
              </span>
              <span className="guarantees-how">
                {how} ({formatDuration(ms)})
              </span>
            </li>
          ))}
        </ul>
      )}
      {error && (
        <p className="setting-error" role="alert">
          {error.message}
        </p>
      )}
    </>
  );
};
