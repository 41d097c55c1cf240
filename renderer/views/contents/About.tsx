import type { ReactNode } from 'react';
import type { Cache, Unit } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { copy, forget } from '../../state/actions.ts';
import { goTo } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Age, Bytes, CopyPath, Count, Path } from '../../widgets/values.tsx';
import { beginOwn } from '../clearing/begin.ts';
import './About.css';

const Part = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <section className="about-part" aria-label={label}>
    <h2>{label}</h2>
    <div>{children}</div>
  </section>
);

const Units = ({ units }: { readonly units: readonly Unit[] }) => (
  <table className="about-units">
    <thead>
      <tr>
        <th scope="col">Part</th>
        <th scope="col" className="number">
          Size
        </th>
        <th scope="col" className="number">
          Comes back
        </th>
        <th scope="col" className="number">
          Files
        </th>
        <th scope="col">Last used</th>
      </tr>
    </thead>
    <tbody>
      {units.map((unit) => (
        <tr key={unit.id} className={unit.present ? undefined : 'soft'}>
          <th scope="row" title={unit.path}>
            {unit.name === '.' ? 'The folder itself' : unit.name}
          </th>
          {unit.present ? (
            <>
              <td className="number">
                <Bytes value={unit.bytes?.allocated} />
              </td>
              <td className="number">
                <Bytes value={unit.bytes?.reclaimable} />
              </td>
              <td className="number">
                <Count value={unit.files} />
              </td>
              <td>
                <Age when={unit.lastUsed} />
              </td>
            </>
          ) : (
            <td colSpan={4}>not there</td>
          )}
        </tr>
      ))}
    </tbody>
  </table>
);

/** The command itself, and what is said about it in brackets. */
const commandParts = (text: string): readonly [command: string, note: string] => {
  const cut = text.indexOf(' (');
  return cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 2).replace(/\)$/, '')];
};

const forgetIt = async (cache: Cache): Promise<void> => {
  if ((await forget(cache.id)) !== null) goTo({ view: 'caches' });
};

/** What is known about a cache, and how. */
export const About = ({ cache }: { readonly cache: Cache }) => {
  const unreadable = cache.units.flatMap((unit) => unit.unreadable);
  const [command, note] = commandParts(cache.command ?? '');
  return (
    <div className="view-scroll cache-about">
      {cache.problem && (
        <p className="about-problem" role="status">
          {cache.problem.message}
        </p>
      )}
      <Part label="What this is">{cache.what}</Part>
      <Part label="What losing it costs">{cache.cost}</Part>
      {cache.links !== null && <Part label="What projects share">{cache.links}</Part>}
      {cache.keeps.length > 0 && (
        <Part label="What is kept">
          <ul className="about-list">
            {cache.keeps.map(({ path, why }) => (
              <li key={path}>
                <Path path={path} /> <span className="soft">{why}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {cache.own !== null && (
        <Part label={`${cache.name}’s own way`}>
          <p>
            {cache.own.does}
            {cache.own.better !== null && ` ${cache.own.better}`}
          </p>
          <span className="about-command">
            <code>{cache.own.line}</code>
            <Button
              tone={cache.own.better === null ? 'normal' : 'main'}
              disabled={cache.problem !== null || !cache.present}
              onClick={() => void beginOwn(cache.id)}
            >
              Run it…
            </Button>
            <Button onClick={() => void copy(cache.own?.line ?? '', 'Command')}>Copy</Button>
          </span>
        </Part>
      )}
      {command !== '' && cache.own === null && (
        <Part label={`${cache.name}’s own command`}>
          <span className="about-command">
            <code>{command}</code>
            <Button onClick={() => void copy(command, 'Command')}>Copy</Button>
            {note !== '' && <span className="soft">{note}</span>}
          </span>
        </Part>
      )}
      <Part label="How we know">{cache.because}</Part>
      <Part label="Where it is">
        <CopyPath path={cache.root} />
      </Part>
      {cache.units.length > 0 && (
        <Part label="Its parts">
          <Units units={cache.units} />
        </Part>
      )}
      {unreadable.length > 0 && (
        <Part label="Not readable">
          <p>{counted(unreadable.length, 'part')} could not be read: what is in there is not counted.</p>
          <ul className="about-list">
            {unreadable.map(({ path, message }) => (
              <li key={path}>
                <Path path={path} /> <span className="soft">{message}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {cache.added && (
        <Part label="Added by you">
          <p>Forgetting it takes it off the list. Nothing in it is touched.</p>
          <Button onClick={() => void forgetIt(cache)}>Forget this folder</Button>
        </Part>
      )}
    </div>
  );
};
