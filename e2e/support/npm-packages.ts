export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Makes it a program that npx can run. */
  readonly bin?: boolean;
}

/** A dozen, with names and versions that are easily read wrongly. `tool` needs most of the others. */
export const dozen: readonly NpmPackage[] = [
  { name: 'alpha', version: '1.0.0' },
  { name: 'alpha-beta', version: '1.2.3-beta.1' },
  { name: 'b2', version: '2.0.0' },
  { name: 'is-3-odd', version: '3.1.4' },
  { name: 'dotted.name', version: '0.0.1' },
  { name: 'under_score', version: '10.20.30' },
  { name: 'build-info', version: '4.5.6-rc.2' },
  { name: '@scope/thing', version: '5.0.0' },
  { name: '@scope/other-thing', version: '5.1.0-next.0' },
  { name: 'leaf', version: '0.1.0', dependencies: { alpha: '1.0.0' } },
  { name: 'branch', version: '0.2.0', dependencies: { leaf: '0.1.0', '@scope/thing': '5.0.0' } },
  { name: 'tool', version: '7.0.0', dependencies: { branch: '0.2.0', b2: '2.0.0' }, bin: true },
];
