import type { Cache } from '../../../shared/model.ts';
import { ask } from '../../state/ui.ts';
import { Button } from '../../widgets/Button.tsx';
import { beginOwn } from './begin.ts';

/** The tool's own command where that is the better choice: offered before ours, with the reason. */
export const OwnWay = ({ cache: { id, name, own } }: { readonly cache: Cache }) =>
  own?.better == null ? null : (
    <section className="clear-own" aria-label={`${name}’s own way`}>
      <h3>{name} can do this itself, and that is the better choice</h3>
      <p>{own.better}</p>
      <Button
        tone="main"
        onClick={() => {
          ask(null);
          void beginOwn(id);
        }}
      >
        Run {own.line}…
      </Button>
    </section>
  );
