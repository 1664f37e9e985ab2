/** What is asked, as it stands in the address: so that a link shows the same request. Nothing is sent by opening one. */
import { useMemo } from 'react';
import type { LabRequest } from '#shared/lab-model.ts';
import { type LabField, type LabMethod, labMethods } from '#shared/vocabulary/lab.ts';
import { go, parsePlace, type Params, usePlace } from '../../state/place.ts';

/** The fields that can be typed, in the order in which RFC 9110 asks them, Range first as what one comes for. */
export const formFields = [
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
] as const satisfies readonly LabField[];
export type FormField = (typeof formFields)[number];

export const fieldNames: Readonly<Record<FormField, string>> = {
  range: 'Range',
  'if-range': 'If-Range',
  'if-match': 'If-Match',
  'if-none-match': 'If-None-Match',
  'if-modified-since': 'If-Modified-Since',
  'if-unmodified-since': 'If-Unmodified-Since',
};

/** The request that a place shows. */
export function requestOf(params: Params): LabRequest {
  const fields = formFields.flatMap((name) => {
    const value = params[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const method = labMethods.find((each) => each === params['method']) ?? 'GET';
  return { url: params['url'] ?? '', method, fields: Object.fromEntries(fields) };
}

export interface Form {
  readonly request: LabRequest;
  readonly setUrl: (url: string) => void;
  readonly setMethod: (method: LabMethod) => void;
  /** An empty value takes the field away. */
  readonly setField: (name: FormField, value: string) => void;
  /** Replaces all fields. */
  readonly setFields: (fields: LabRequest['fields']) => void;
}

export function useForm(): Form {
  const { params } = usePlace();
  return useMemo(() => {
    const request = requestOf(params);
    const set = (changes: Readonly<Record<string, string | undefined>>, how: 'push' | 'replace'): void => {
      const now = parsePlace(location.hash);
      const merged = Object.entries({ ...now.params, ...changes }).flatMap(([name, value]) =>
        value === undefined || value === '' ? [] : [[name, value] as const],
      );
      go({ ...now, params: Object.fromEntries(merged) }, how);
    };
    return {
      request,
      setUrl: (url) => set({ url }, 'replace'),
      setMethod: (method) => set({ method: method === 'GET' ? undefined : method }, 'push'),
      setField: (name, value) => set({ [name]: value }, 'replace'),
      setFields: (fields) => {
        const none = Object.fromEntries(formFields.map((name) => [name, undefined]));
        set({ ...none, ...fields, method: undefined }, 'push');
      },
    };
  }, [params]);
}
