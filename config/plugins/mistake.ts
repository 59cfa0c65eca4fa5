/** Something that is wrong in the settings of a plugin. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly why: string;
}
