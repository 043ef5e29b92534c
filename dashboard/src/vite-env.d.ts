/// <reference types="svelte" />
/// <reference types="vite/client" />

/** The folder of what pdf.js asks for by name. */
declare const PDF_FILES: string;

declare module 'pdfjs-dist/build/pdf.min.mjs';
