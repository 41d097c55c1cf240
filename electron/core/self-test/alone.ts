const kept = /^(PATH|LANG|LC_.*|TMPDIR|TEMP|TMP|SystemRoot|windir|ComSpec|PATHEXT|NODE_COMPILE_CACHE)$/i;

/** From now on this process sees no setting and no cache of the person: home is `home`. For the scripts of trials only. */
export const seeNothingBut = (home: string): void => {
  for (const name of Object.keys(process.env)) if (!kept.test(name)) delete process.env[name];
  for (const name of ['HOME', 'USERPROFILE']) process.env[name] = home;
  process.chdir(home);
};
