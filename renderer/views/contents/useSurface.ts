import { type RefCallback, useCallback, useEffect, useState } from 'react';
import type { Surface } from './paint.ts';

/** The size of an element and of the device's pixels, and a number that changes with the theme. */
export const useSurface = <Of extends HTMLElement>(): {
  readonly ref: RefCallback<Of>;
  readonly surface: Surface;
  readonly theme: number;
} => {
  const [surface, setSurface] = useState<Surface>({ ratio: devicePixelRatio, width: 0, height: 0 });
  const [theme, setTheme] = useState(0);
  const ref = useCallback((element: Of | null) => {
    if (element === null) return;
    const look = (): void => {
      const [ratio, width, height] = [devicePixelRatio, element.clientWidth, element.clientHeight];
      // A tab that is hidden has no size: what was drawn in it stays.
      if (width === 0 || height === 0) return;
      setSurface((before) =>
        before.ratio === ratio && before.width === width && before.height === height
          ? before
          : { ratio, width, height },
      );
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    // Another screen, another zoom: the window is told of either as a change of size.
    window.addEventListener('resize', look);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', look);
    };
  }, []);
  useEffect(() => {
    const changed = (): void => setTheme((before) => before + 1);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const contrast = matchMedia('(prefers-contrast: more)');
    contrast.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      contrast.removeEventListener('change', changed);
    };
  }, []);
  return { ref, surface, theme };
};
