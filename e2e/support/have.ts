/**
 * Whether a test that needs a real program can run. Where it cannot, the test is skipped with its reason in its name;
 * on a build server that is a failure, because there the program is part of the deal.
 */
export const have = (program: string, there: boolean): { readonly skip: boolean; readonly note: string } => {
  if (!there && process.env['CI']) throw new Error(`${program} is not on this build server, so its tests cannot run`);
  return { skip: !there, note: there ? '' : ` (SKIPPED: there is no ${program} here)` };
};
