/** For `underStrace`: the faults hit calls about these paths, or about handles of what stands there, and no others. */
export const onlyAbout = (...paths: readonly string[]): readonly string[] => paths.flatMap((path) => ['-P', path]);

/** The paths by which the deleter speaks of these names, in whichever directory: it goes by handles. */
export const childPaths = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => Array.from({ length: 120 }, (_, handle) => `/proc/self/fd/${handle + 3}/${name}`));
