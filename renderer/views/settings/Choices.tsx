import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';

interface Props<Value> {
  readonly labelledBy: string;
  readonly describedBy?: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A few choices of which one holds, side by side. Arrows move among them. */
export const Choices = <Value extends string | number>({
  labelledBy,
  describedBy,
  value,
  choices,
  onChange,
}: Props<Value>) => (
  <RadioGroup
    className="choices"
    aria-labelledby={labelledBy}
    aria-describedby={describedBy}
    value={value}
    onValueChange={(to) => onChange(to as Value)}
  >
    {choices.map((choice) => (
      <Radio.Root key={choice.value} value={choice.value} className="choice">
        {choice.label}
      </Radio.Root>
    ))}
  </RadioGroup>
);
