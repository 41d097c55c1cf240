import { Popover } from '@base-ui/react/popover';
import { type ReactNode, useId, useRef, useState } from 'react';
import { Icon } from '../../frame/Icon.tsx';

const Remove = ({ what, onClick }: { readonly what: string; readonly onClick: () => void }) => (
  <button type="button" className="pill-remove" aria-label={`Not only: ${what}`} onClick={onClick}>
    <Icon name="close" />
  </button>
);

/** A part of the sentence that is on or off. `why`: it cannot be on, and the reason. */
export const Pill = ({
  on,
  why,
  onChange,
  children,
}: {
  readonly on: boolean;
  readonly why?: string | null;
  readonly onChange: (on: boolean) => void;
  readonly children: string;
}) => {
  const id = useId();
  const isOff = why != null && !on;
  return (
    <span className="pill" data-on={on || undefined} data-off={isOff || undefined} title={isOff ? why : undefined}>
      <button
        type="button"
        className="pill-text"
        aria-pressed={on}
        aria-disabled={isOff || undefined}
        aria-describedby={isOff ? id : undefined}
        onClick={() => !isOff && onChange(!on)}
      >
        {children}
      </button>
      {on && <Remove what={children} onClick={() => onChange(false)} />}
      {isOff && (
        <span id={id} hidden>
          {why}
        </span>
      )}
    </span>
  );
};

interface ChoiceProps {
  /** What it says while it is off: `not used for …`. */
  readonly label: string;
  /** What the list is about, for who hears it: `Not used for`. */
  readonly about: string;
  readonly value: number | undefined;
  readonly usual: readonly number[];
  readonly say: (value: number) => string;
  readonly says: (value: number) => string;
  readonly parse: (text: string) => number | null;
  /** What can be typed, for instance. */
  readonly example: string;
  readonly why?: string | null;
  readonly onChange: (value: number | undefined) => void;
}

/** A part of the sentence with a value: one of the usual ones, or what is typed. */
export const ChoicePill = (props: ChoiceProps) => {
  const { label, about, value, usual, say, says, why, onChange } = props;
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();
  const isOn = value !== undefined;
  const isOff = why != null && !isOn;
  const choose = (next: number): void => {
    onChange(next);
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={(to) => setOpen(to && !isOff)}>
      <span className="pill" data-on={isOn || undefined} data-off={isOff || undefined} title={isOff ? why : undefined}>
        <Popover.Trigger
          ref={trigger}
          className="pill-text"
          aria-disabled={isOff || undefined}
          aria-describedby={isOff ? id : undefined}
        >
          {isOn ? says(value) : label}
          <Icon name="open" />
        </Popover.Trigger>
        {isOn && <Remove what={says(value)} onClick={() => onChange(undefined)} />}
        {isOff && (
          <span id={id} hidden>
            {why}
          </span>
        )}
      </span>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="start" sideOffset={4}>
          <Popover.Popup className="menu pill-menu" aria-label={about} finalFocus={trigger}>
            {usual.map((it) => (
              <button
                key={it}
                type="button"
                className="pill-choice"
                aria-pressed={it === value}
                onClick={() => choose(it)}
              >
                {say(it)}
              </button>
            ))}
            <Typed {...props} onChoose={choose} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
};

const Typed = ({ about, example, parse, onChoose }: ChoiceProps & { readonly onChoose: (value: number) => void }) => {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const note: ReactNode = wrong ? `That is not understood. Write it like ${example}.` : null;
  return (
    <form
      className="pill-typed"
      onSubmit={(event) => {
        event.preventDefault();
        const value = parse(text);
        setWrong(value === null);
        if (value !== null) onChoose(value);
      }}
    >
      <input
        className="field"
        aria-label={`${about}, typed`}
        aria-invalid={wrong || undefined}
        aria-describedby={id}
        placeholder={example}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setWrong(false);
        }}
      />
      <button type="submit" className="button">
        Set
      </button>
      <p id={id} className="pill-wrong" role="alert">
        {note}
      </p>
    </form>
  );
};
