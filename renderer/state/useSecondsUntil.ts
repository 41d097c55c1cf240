import { useEffect, useState } from 'react';

/** Whole seconds until a moment (ISO 8601), counting down; 0 when it is past or there is none. */
export const useSecondsUntil = (moment: string | null): number => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (moment === null) return;
    // It may have come long after the first look at the clock.
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [moment]);
  return moment === null ? 0 : Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000));
};

/** What is left of a time, short enough for a button: seconds below two minutes, then minutes. */
export const leftWords = (seconds: number): string => (seconds < 120 ? `${seconds}` : `${Math.ceil(seconds / 60)} min`);
