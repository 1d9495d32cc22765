/** A rule that a code breaks: the server's own code for it, the identifier at fault and where, as an offset. */
export class Refused {
  constructor(
    readonly code: string,
    readonly ai: string | null,
    readonly position: number | null,
  ) {}

  at(position: number): Refused {
    return new Refused(this.code, this.ai, position);
  }
}
