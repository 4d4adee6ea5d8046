/** The paths of every text, number and list in a type, such as `origin.server`, as a union of texts. */
export type PathsOf<Type> = Type extends string | number | boolean | readonly unknown[]
  ? never
  : {
      [Key in keyof Type & string]: NonNullable<Type[Key]> extends
        string | number | boolean | readonly unknown[]
        ? Key
        : `${Key}.${PathsOf<NonNullable<Type[Key]>>}`;
    }[keyof Type & string];
