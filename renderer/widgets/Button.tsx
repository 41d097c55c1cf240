import type { ComponentProps } from 'react';

/** `main`: the one thing to do here; `danger`: destroys; `plain`: without a frame; `link`: goes somewhere. */
export type Tone = 'normal' | 'main' | 'danger' | 'plain' | 'link';

export const Button = ({ tone = 'normal', ...rest }: ComponentProps<'button'> & { readonly tone?: Tone }) => (
  <button type="button" className="button" data-tone={tone} {...rest} />
);
