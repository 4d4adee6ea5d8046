/** The fields of a record by name: `origin.server`. What names fields elsewhere is typed by it. */
/** The path of every text, number and list in a type. */
export type PathsOf<Type> = Type extends string | number | boolean | readonly unknown[]
  ? never
  : {
      [Key in keyof Type & string]: NonNullable<Type[Key]> extends
        string | number | boolean | readonly unknown[]
        ? Key
        : `${Key}.${PathsOf<NonNullable<Type[Key]>>}`;
    }[keyof Type & string];
