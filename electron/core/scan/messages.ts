import type { Progress } from '../../../shared/model.ts';
import type { Measurement, MeasureRequest } from './measurement.ts';

/** What the scanner asks of its coordinating thread, and what that answers. `id` is the number of the request. */
export type ToScan =
  | { readonly type: 'measure'; readonly id: number; readonly request: MeasureRequest }
  | { readonly type: 'cancel'; readonly id: number };

export type FromScan =
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly type: 'measured'; readonly id: number; readonly measurement: Measurement }
  | { readonly type: 'failed'; readonly id: number; readonly error: unknown };
