//! Reading order of what is no table: the page is cut at its white space, first across, then down.

use crate::layout::{Bounds, Segment};

/// Cuts within cuts, at most.
const DEPTH_MAX: usize = 8;

/// The segments as blocks, each with its lines from top to bottom.
pub(crate) fn blocks_of(segments: Vec<&Segment>) -> Vec<Vec<&Segment>> {
    let mut blocks = Vec::new();
    cut(segments, 0, &mut blocks);
    blocks
}

fn cut<'s>(mut segments: Vec<&'s Segment>, depth: usize, blocks: &mut Vec<Vec<&'s Segment>>) {
    segments.sort_by(|a, b| a.row.cmp(&b.row).then(a.bounds.x0.total_cmp(&b.bounds.x0)));
    if segments.is_empty() {
        return;
    }
    if depth < DEPTH_MAX {
        for parts in [across(&segments), down(&segments)] {
            if parts.len() > 1 {
                for part in parts {
                    cut(part, depth + 1, blocks);
                }
                return;
            }
        }
    }
    blocks.push(segments);
}

/// Parts between horizontal stripes of white space higher than a line.
fn across<'s>(segments: &[&'s Segment]) -> Vec<Vec<&'s Segment>> {
    let mut sorted = segments.to_vec();
    sorted.sort_by(|a, b| a.bounds.y0.total_cmp(&b.bounds.y0));
    let mut parts: Vec<Vec<&Segment>> = Vec::new();
    let mut bottom = f64::MIN;
    for segment in sorted {
        let gap = segment.bounds.y0 - bottom;
        match parts.last_mut() {
            Some(part) if gap < 0.9 * segment.bounds.height() => part.push(segment),
            _ => parts.push(vec![segment]),
        }
        bottom = bottom.max(segment.bounds.y1);
    }
    parts
}

/// Parts left and right of vertical stripes of white space, where both sides are more than a line.
fn down<'s>(segments: &[&'s Segment]) -> Vec<Vec<&'s Segment>> {
    let mut sorted = segments.to_vec();
    sorted.sort_by(|a, b| a.bounds.x0.total_cmp(&b.bounds.x0));
    let mut parts: Vec<Vec<&Segment>> = Vec::new();
    let mut right = f64::MIN;
    for segment in sorted {
        let gap = segment.bounds.x0 - right;
        match parts.last_mut() {
            Some(part) if gap < 0.8 * segment.bounds.height() => part.push(segment),
            _ => parts.push(vec![segment]),
        }
        right = right.max(segment.bounds.x1);
    }
    let rows = |part: &[&Segment]| {
        let bounds = part.iter().map(|segment| segment.bounds).reduce(Bounds::union);
        let height = part.first().map_or(1.0, |segment| segment.bounds.height());
        bounds.map_or(0.0, |bounds| bounds.height() / height.max(0.1))
    };
    // A label and its value on one line are not two columns.
    let columns = parts.iter().filter(|part| rows(part) > 1.5).count();
    if columns >= 2 && columns == parts.len() { parts } else { vec![segments.to_vec()] }
}
