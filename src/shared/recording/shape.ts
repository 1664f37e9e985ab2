/**
 * Whether a value has the shape of a schema, many times faster than the schema says it: for thousands of frames that
 * are read at once. What has the shape can be shown; bounds of numbers and lengths of texts are not looked at.
 */
import { z } from 'zod';

export type ShapeTest = (value: unknown) => boolean;

/** Kinds of schemas that are not known here are asked themselves. */
export function shapeOf(schema: z.core.$ZodType): ShapeTest {
  if (schema instanceof z.ZodOptional) return optional(shapeOf(schema.unwrap()));
  if (schema instanceof z.ZodNumber) return (value) => typeof value === 'number';
  if (schema instanceof z.ZodString) return (value) => typeof value === 'string';
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof z.ZodEnum) return oneOf(schema.options);
  if (schema instanceof z.ZodArray) return listOf(shapeOf(schema.element));
  if (schema instanceof z.ZodTuple) return tupleOf(schema.def.items.map(shapeOf));
  if (schema instanceof z.ZodRecord) return recordOf(schema.keyType, shapeOf(schema.valueType));
  if (schema instanceof z.ZodObject) return objectOf(Object.entries(schema.shape));
  return (value) => z.safeParse(schema, value).success;
}

function optional(test: ShapeTest): ShapeTest {
  return (value) => value === undefined || test(value);
}

function oneOf(options: readonly unknown[]): ShapeTest {
  const known = new Set(options);
  return (value) => known.has(value);
}

function listOf(test: ShapeTest): ShapeTest {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const each of value) if (!test(each)) return false;
    return true;
  };
}

function tupleOf(tests: readonly ShapeTest[]): ShapeTest {
  return (value) =>
    Array.isArray(value) && value.length === tests.length && tests.every((test, place) => test(value[place]));
}

/** A record of an enum has each of its words; one of strings has any. */
function recordOf(keys: z.core.$ZodType, test: ShapeTest): ShapeTest {
  const isText = (value: object): boolean => Object.values(value).every(test);
  if (!(keys instanceof z.ZodEnum)) return (value) => isObject(value) && isText(value);
  const wanted = keys.options.map(String);
  return (value) => isObject(value) && wanted.every((key) => test(value[key]));
}

function objectOf(shape: readonly (readonly [string, z.core.$ZodType])[]): ShapeTest {
  const names = shape.map(([name]) => name);
  const tests = shape.map(([, schema]) => shapeOf(schema));
  return (value) => {
    if (!isObject(value)) return false;
    for (let place = 0; place < names.length; place += 1)
      if (tests[place]?.(value[names[place] ?? '']) !== true) return false;
    return true;
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
