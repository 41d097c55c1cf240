import { type RefCallback, useCallback, useState } from 'react';

/** How wide an element is, in CSS pixels, as long as it stands. A guess of 1000 before it was looked at. */
export const useWidth = <Of extends HTMLElement>(): { readonly ref: RefCallback<Of>; readonly width: number } => {
  const [width, setWidth] = useState(1000);
  const ref = useCallback((element: Of | null) => {
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
};
