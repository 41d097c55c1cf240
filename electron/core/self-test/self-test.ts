import type { SelfTest } from '../../../shared/model.ts';

/** Being built. */
export const selfTest = async (): Promise<SelfTest> => ({ place: '', checks: [] });
