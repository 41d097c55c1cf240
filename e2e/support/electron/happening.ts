/** An event of the stand-in, as Electron gives one to its listeners. */
export class Happening {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}
