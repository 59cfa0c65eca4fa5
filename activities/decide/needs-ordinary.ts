/** Thrown when a quick decision meets a fact that takes a clone: an ordinary activity decides then. */
export class NeedsOrdinary extends Error {
  constructor(fact: string) {
    super(`the fact ${fact} takes longer than a workflow task allows`);
    this.name = 'NeedsOrdinary';
  }
}
