/** Results as files. */
import type { Corrections } from './corrections.svelte';
import type { DocumentDetail, Json } from './types';

/** Gives the browser a file to save. */
export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export const baseName = (fileName: string): string => fileName.replace(/\.[^.]+$/, '');

/** A value as a cell: quoted where it must be, and never a formula for a spreadsheet. */
export function cell(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  let text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = (values: (Json | undefined)[]): string => `${values.map(cell).join(',')}\r\n`;

/** One line for each value, with where it was read and how surely. */
export function fieldsCsv(document: DocumentDetail, corrections: Corrections): string {
  const head = ['field', 'value', 'confidence', 'page', 'rawText', 'corrected'];
  const rows = document.fields.map((field) => [
    field.name,
    corrections.valueOf(field),
    field.confidence,
    field.page,
    field.rawText,
    corrections.has(field.name),
  ]);
  return [head, ...rows].map(line).join('');
}

export const hasItems = (document: DocumentDetail): boolean => items(document.data).length > 0;

function items(data: DocumentDetail['data']): { [name: string]: Json }[] {
  for (const name of ['lineItems', 'transactions']) {
    const list = data?.[name];
    if (Array.isArray(list)) return list.filter((one): one is { [name: string]: Json } => one !== null && typeof one === 'object' && !Array.isArray(one));
  }
  return [];
}

/** The items of an invoice or the transactions of a statement, one line each. */
export function itemsCsv(document: DocumentDetail, corrections: Corrections): string {
  const list = items(corrections.apply(document).data as DocumentDetail['data']);
  const columns = [...new Set(list.flatMap((item) => Object.keys(item)))];
  return [columns, ...list.map((item) => columns.map((column) => item[column]))].map(line).join('');
}
