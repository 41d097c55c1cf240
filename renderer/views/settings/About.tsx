import { useEffect, useState } from 'react';
import type { Doctor } from '../../../shared/model.ts';
import { copy } from '../../state/actions.ts';
import { useNow } from '../../state/connection.ts';
import { Button } from '../../widgets/Button.tsx';
import { CopyPath } from '../../widgets/values.tsx';
import { diagnostics } from './diagnostics.ts';
import { SelfTest } from './SelfTest.tsx';
import { useCall } from './useCall.ts';

const Found = ({ doctor }: { readonly doctor: Doctor }) => (
  <>
    <h3 className="about-title">What this system guarantees</h3>
    <ul className="guarantees">
      {doctor.guarantees.map(({ name, holds, how }) => (
        <li key={name} data-holds={holds}>
          <span>
            {name.charAt(0).toUpperCase() + name.slice(1)}
            <span className="hidden-words">{holds ? ' (holds)' : ''}</span>
            {!holds && <b> – does not hold here</b>}
          </span>
          <span className="guarantees-how">{how}</span>
        </li>
      ))}
    </ul>
    <SelfTest />
    <h3 className="about-title">Places</h3>
    <dl className="facts">
      {Object.entries(doctor.places).map(([name, path]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <CopyPath path={path} />
          </dd>
        </div>
      ))}
    </dl>
    {doctor.unreadable.length > 0 && (
      <>
        <h3 className="about-title">Could not be read</h3>
        <ul className="folders">
          {doctor.unreadable.map(({ path, message }) => (
            <li key={path}>
              <CopyPath path={path} /> <span className="soft">{message}</span>
            </li>
          ))}
        </ul>
      </>
    )}
  </>
);

/** What this program is, where it keeps things, and what holds on this machine. */
export const About = () => {
  const version = useNow((now) => now.version);
  const platform = useNow((now) => now.platform);
  const door = useNow((now) => now.door);
  const [doctor, setDoctor] = useState<Doctor | null>(null);
  const { run, error } = useCall('doctor');
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the section is shown.
  useEffect(() => {
    void run({}).then(setDoctor);
  }, []);
  return (
    <section aria-labelledby="settings-about">
      <h2 id="settings-about">About</h2>
      <div className="about-head">
        <p>
          Cache Inspector {version}
          <span className="soft"> · through the {door.name}</span>
        </p>
        <Button
          disabled={doctor === null}
          onClick={() =>
            doctor && void copy(diagnostics(doctor, { platform, door }, navigator.userAgent), 'Diagnostics')
          }
        >
          Copy diagnostics
        </Button>
      </div>
      <p className="settings-note">Copied are versions, the platform and what it guarantees. No path is among them.</p>
      {doctor && <Found doctor={doctor} />}
      {error && (
        <p className="setting-error" role="alert">
          {error.message}
        </p>
      )}
    </section>
  );
};
