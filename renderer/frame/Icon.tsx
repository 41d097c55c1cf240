/** Line icons of our own, 16 by 16. Decoration: a word always stands beside them or in their label. */
const shapes = {
  caches: 'M2.5 4.5 8 2l5.5 2.5L8 7zM2.5 8 8 10.5 13.5 8M2.5 11.5 8 14l5.5-2.5',
  leftovers: 'M3 5h10M6 5V3h4v2M4 5l.7 8h6.6L12 5M6.7 7.5v3.5M9.3 7.5v3.5',
  history: 'M8 4.5V8l2.5 1.5M2.5 8A5.5 5.5 0 1 0 4.4 3.9M2.5 2.5v2.7h2.7',
  settings:
    'M2.5 4.5h6M11.5 4.5h2M2.5 8h2M7.5 8h6M2.5 11.5h6M11.5 11.5h2M8.5 4.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M4.5 8a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M8.5 11.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.3 10.3l3.2 3.2',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  open: 'M6 3.5 10.5 8 6 12.5',
  close: 'M4 4l8 8M12 4l-8 8',
} as const;

export type IconName = keyof typeof shapes;

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg
    width="16"
    height="16"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.3"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={shapes[name]} />
  </svg>
);
