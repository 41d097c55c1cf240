import { useMemo, useState } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { LeftoverId } from '../../../shared/ids.ts';
import type { Leftover } from '../../../shared/model.ts';
import { counted } from '../../../shared/words.ts';
import { desktop } from '../../bridge/desktop.ts';
import { cleanLeftovers, copy, resume, reveal, stop, undo } from '../../state/actions.ts';
import { useCommand } from '../../state/commands.ts';
import { useNow } from '../../state/connection.ts';
import { search, useUi } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { Empty } from '../../widgets/Empty.tsx';
import { Monogram } from '../../widgets/Monogram.tsx';
import { useRoving } from '../../widgets/useRoving.ts';
import { useBytes } from '../../widgets/values.tsx';
import { groupsOf, safeOnes, sizeOf } from './groups.ts';
import { LookFirst } from './LookFirst.tsx';
import { watchedPlaces } from './places.ts';
import { Row } from './Row.tsx';
import { type Way, waysOf } from './sentence.ts';
import { useNewOnes } from './useNewOnes.ts';
import { useSizes } from './useSizes.ts';
import './Leftovers.css';

const watching = (places: number): string => `Watching ${counted(places, 'place')}.`;

/** What was set aside and stayed behind, with a verdict on each and what can be done. */
export const Leftovers = () => {
  const leftovers = useNow((now) => now.leftovers);
  const caches = useNow((now) => now.caches);
  const operations = useNow((now) => now.operations);
  const deleting = useNow((now) => now.deleting);
  const canReveal = useNow(({ door }) => door.reveal);
  const text = useUi((ui) => ui.search);
  const bytes = useBytes();
  const sizes = useSizes(leftovers);
  const isNew = useNewOnes(leftovers);
  const [busy, setBusy] = useState<ReadonlySet<LeftoverId>>(new Set());
  const [asking, setAsking] = useState<LeftoverId | null>(null);

  const groups = useMemo(() => groupsOf(leftovers, caches, operations, text), [leftovers, caches, operations, text]);
  const shown = groups.flatMap((group) => group.leftovers);
  const roving = useRoving(shown.map(({ id }) => id));
  const current = shown[roving.current];
  const safe = safeOnes(leftovers, sizes);
  const asked = leftovers.find(({ id }) => id === asking);

  const operationOf = (leftover: Leftover) => operations.find(({ id }) => id === leftover.operation);
  const progressOf = ({ operation }: Leftover) => (operation === null ? undefined : deleting.get(operation));
  const ways = (leftover: Leftover) => waysOf(leftover, operationOf(leftover), progressOf(leftover) !== undefined);

  const whileBusy = async (ids: readonly LeftoverId[], work: Promise<unknown>): Promise<void> => {
    setBusy((before) => before.union(new Set(ids)));
    await work;
    setBusy((before) => before.difference(new Set(ids)));
  };
  const clean = (leftover: Leftover): void => {
    setAsking(null);
    void whileBusy([leftover.id], cleanLeftovers([leftover.id]));
  };
  const putBack = ({ id, operation }: Leftover): void => {
    setAsking(null);
    if (operation !== null) void whileBusy([id], undo(operation));
  };
  const cleanAll = (): void => {
    const ids = leftovers.filter(({ cleaning }) => cleaning === 'safe').map(({ id }) => id);
    void whileBusy(ids, cleanLeftovers('safe'));
  };
  const go = (leftover: Leftover, way: Way | undefined): void => {
    const { id, operation } = leftover;
    if (way === undefined || busy.has(id)) return;
    if (way === 'clean') clean(leftover);
    else if (way === 'ask') setAsking(id);
    else if (way === 'put-back') putBack(leftover);
    else if (operation === null) return;
    else if (way === 'stop') void stop(operation);
    else void whileBusy([id], resume(operation));
  };

  // What cannot be undone is done by a key only where the focus shows which one is meant.
  const meant = roving.within ? current : undefined;
  const main = meant && ways(meant).find((way) => way !== 'stop' && way !== 'put-back');
  useCommand('clear', () => meant && go(meant, main), main !== undefined);
  useCommand('undo', () => meant && putBack(meant), meant !== undefined && ways(meant).includes('put-back'));
  useCommand('copy-path', () => current && void copy(current.path, 'Path'), current !== undefined);
  useCommand('reveal', () => current && void reveal({ leftover: current.id }), current !== undefined && canReveal);
  useCommand('clean-safe', cleanAll, safe.count > 0);

  if (leftovers.length === 0) {
    return (
      <>
        <h1 className="hidden-words">Leftovers</h1>
        <Empty>Nothing was left behind. {watching(watchedPlaces(caches))}</Empty>
      </>
    );
  }
  return (
    <>
      <header className="view-head">
        <h1>Leftovers</h1>
        <p className="grow soft">{watching(watchedPlaces(caches))}</p>
        {safe.count > 0 && (
          <Button tone="main" disabled={busy.size > 0} onClick={cleanAll}>
            Clean all that are safe ({formatCount(safe.count)}
            {safe.bytes !== null && `, ${bytes(safe.bytes)}`})
          </Button>
        )}
      </header>
      {shown.length === 0 && (
        <Empty action={<Button onClick={() => search('')}>Show all leftovers</Button>}>
          No leftover matches “{text}”.
        </Empty>
      )}
      {shown.length > 0 && (
        <div
          ref={roving.list}
          className="view-scroll leftovers"
          role="grid"
          aria-label="Leftovers"
          tabIndex={-1}
          onFocus={roving.onFocus}
          onBlur={roving.onBlur}
          onKeyDown={(event) => {
            roving.onKeyDown(event);
            const onRow = (event.target as HTMLElement).dataset['row'] !== undefined;
            if (event.key !== 'Enter' || !onRow || !current) return;
            event.preventDefault();
            go(current, main);
          }}
        >
          {groups.map((group) => (
            <div key={group.name} role="rowgroup" aria-label={group.name}>
              <div role="row" className="leftovers-tool">
                <div role="gridcell">
                  <h2>
                    <Monogram tool={group.tool ?? 'folder'} />
                    {group.name}
                    <span className="soft">{formatCount(group.leftovers.length)}</span>
                  </h2>
                </div>
              </div>
              {group.leftovers.map((leftover) => (
                <div
                  key={leftover.id}
                  role="presentation"
                  onContextMenu={() => desktop?.contextMenu(['clear', 'undo', 'reveal', 'copy-path'])}
                >
                  <Row
                    leftover={leftover}
                    operation={operationOf(leftover)}
                    progress={progressOf(leftover)}
                    size={sizeOf(leftover, sizes)}
                    isCurrent={leftover.id === current?.id}
                    isNew={isNew(leftover)}
                    isBusy={busy.has(leftover.id)}
                    onWay={(way) => go(leftover, way)}
                  />
                </div>
              ))}
            </div>
          ))}
        </div>
      )}
      {asked && (
        <LookFirst
          leftover={asked}
          size={sizeOf(asked, sizes)}
          onClose={() => setAsking(null)}
          onClean={() => clean(asked)}
          {...(asked.verdict === 'undoable' && asked.operation !== null && { onPutBack: () => putBack(asked) })}
        />
      )}
    </>
  );
};
