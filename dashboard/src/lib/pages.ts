/** Pictures of a document's pages: PDF by pdf.js in a worker, fetched when first needed; images by the browser. */
import type { PDFDocumentProxy } from 'pdfjs-dist';

export interface Pages {
  count: number;
  /** Draws page `number` (from 1), `width` CSS pixels wide; its height is for the caller to read. */
  draw: (number: number, canvas: HTMLCanvasElement, width: number) => Promise<void>;
  close: () => void;
}

/** No canvas grows beyond what browsers can hold. */
const PIXELS_MAX = 16_000_000;

export const isPdf = (type: string): boolean => type === 'application/pdf';
export const isPicture = (type: string): boolean => /^image\/(png|jpeg|gif|webp|bmp)$/.test(type);
export const isText = (type: string): boolean => /^text\/|^message\/rfc822$|json$|xml$/.test(type);

export async function openPdf(file: Blob): Promise<Pages> {
  const [pdf, { default: workerUrl }] = await Promise.all([
    import('pdfjs-dist/build/pdf.min.mjs') as Promise<typeof import('pdfjs-dist')>,
    import('pdfjs-dist/build/pdf.worker.min.mjs?url'),
  ]);
  pdf.GlobalWorkerOptions.workerSrc = workerUrl;
  const task = pdf.getDocument({
    data: await file.arrayBuffer(),
    useWasm: false,
    wasmUrl: PDF_FILES,
    isEvalSupported: false,
    useSystemFonts: true,
    enableXfa: false,
    verbosity: 0,
  });
  const opened: PDFDocumentProxy = await task.promise;
  return {
    count: opened.numPages,
    async draw(number, canvas, width) {
      const page = await opened.getPage(number);
      const plain = page.getViewport({ scale: 1 });
      const wanted = (width / plain.width) * Math.min(devicePixelRatio || 1, 2);
      const most = Math.sqrt(PIXELS_MAX / (plain.width * plain.height));
      const viewport = page.getViewport({ scale: Math.min(wanted, most) });
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      await page.render({ canvas, viewport }).promise;
    },
    close: () => void task.destroy(),
  };
}
