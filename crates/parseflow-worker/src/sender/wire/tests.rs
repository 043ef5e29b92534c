use tokio::io::{DuplexStream, duplex};

use super::*;

const LIMITS: Limits = Limits { read: 1_000, kept: 10 };

fn request(body: &'static [u8]) -> Request {
    Request { first: b"POST / HTTP/1.1\r\n\r\n".to_vec(), rest: Bytes::from_static(body) }
}

/// A connection and the receiver's end of it, which has said so much.
async fn hearing(answer: &[u8]) -> (Connection<DuplexStream>, DuplexStream) {
    let (ours, mut theirs) = duplex(64 * 1024);
    theirs.write_all(answer).await.unwrap();
    (Connection::over(ours), theirs)
}

/// More than [`narrow`] takes at once.
static LONG: [u8; 100_000] = [b'x'; 100_000];

/// A connection over which little can be on its way, and the receiver's end of it.
fn narrow() -> (Connection<DuplexStream>, DuplexStream) {
    let (ours, theirs) = duplex(1_000);
    (Connection::over(ours), theirs)
}

/// The answer to a request and whether the connection can be used again.
async fn answer(bytes: &[u8]) -> (Result<(u16, Vec<u8>), WireError>, bool) {
    let (mut connection, _receiver) = hearing(bytes).await;
    let answer = connection.exchange(&request(b""), LIMITS, || {}).await;
    (answer.map(|(head, body)| (head.status, body)), connection.is_free())
}

async fn whole(bytes: &[u8]) -> ((u16, Vec<u8>), bool) {
    let (answer, is_free) = answer(bytes).await;
    (answer.expect("it is whole"), is_free)
}

#[tokio::test]
async fn one_answer_after_the_other_comes_over_one_connection() {
    let (mut connection, mut receiver) = hearing(b"").await;
    for status in [200_u16, 503] {
        let text = format!("HTTP/1.1 {status} Hm\r\ncontent-length: 2\r\n\r\nhi");
        let mut answered = false;
        let (request, note) = (request(b"body"), || answered = true);
        let (answer, ()) = tokio::join!(connection.exchange(&request, LIMITS, note), async {
            let mut read = [0; 23];
            receiver.read_exact(&mut read).await.unwrap();
            assert_eq!(&read, b"POST / HTTP/1.1\r\n\r\nbody");
            receiver.write_all(text.as_bytes()).await.unwrap();
        });
        let (head, body) = answer.unwrap();
        assert_eq!((head.status, body.as_slice()), (status, &b"hi"[..]));
        assert!(answered && connection.is_free());
    }
    drop(receiver);
    assert!(!connection.is_free());
}

#[tokio::test]
async fn an_answer_is_the_same_wherever_it_is_cut_into_pieces() {
    let text =
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
        3;a=b\r\nabc\r\n00a\r\n0123456789\r\n0\r\nx-sum: 1\r\n\r\n";
    for at in 1..text.len() {
        let (mut connection, mut receiver) = hearing(&text[..at]).await;
        let request = request(b"");
        let (answer, ()) = tokio::join!(biased; connection.exchange(&request, LIMITS, || {}), async {
            receiver.write_all(&text[at..]).await.unwrap();
        });
        let (head, body) = answer.unwrap();
        assert_eq!((head.status, body.as_slice()), (200, &b"abc0123456"[..]), "at {at}");
        assert!(connection.is_free(), "at {at}");
    }
    for end in 0..text.len() {
        let (mut connection, receiver) = hearing(&text[..end]).await;
        let request = request(b"");
        let (answer, ()) = tokio::join!(biased; connection.exchange(&request, LIMITS, || {}), async {
            drop(receiver);
        });
        assert!(matches!(answer, Err(WireError::Broken(_) | WireError::Cut(_))), "at {end}");
    }
}

#[tokio::test]
async fn chunks_that_make_no_sense_are_no_answer() {
    let trailers = format!("0\r\n{}\r\n", "a: b\r\n".repeat(200));
    let extension = format!("1;{}\r\nx\r\n0\r\n\r\n", "x".repeat(10_000));
    for chunks in
        ["z\r\n", "1\r\nxx\r\n", "1\r\nx\n0\r\n\r\n", "0\r\n\n", "\r\n", &trailers, &extension]
    {
        let text = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
        let (answer, is_free) = answer(text.as_bytes()).await;
        assert!(matches!(answer, Err(WireError::NotHttp)), "{chunks:?}: {answer:?}");
        assert!(!is_free);
    }
}

#[tokio::test]
async fn a_connection_is_not_used_again_when_more_came_than_the_answer() {
    let ((status, body), is_free) =
        whole(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\n").await;
    assert_eq!((status, body.as_slice(), is_free), (200, &b"x"[..], false));
}

#[tokio::test]
async fn a_long_body_is_read_to_the_limit_and_a_short_one_to_its_end() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: ";
    let (long, is_free) =
        whole(format!("{head}5000\r\n\r\n{}", "x".repeat(5_000)).as_bytes()).await;
    assert_eq!((long, is_free), ((200, b"xxxxxxxxxx".to_vec()), false));
    let (short, is_free) = whole(format!("{head}900\r\n\r\n{}", "x".repeat(900)).as_bytes()).await;
    assert_eq!((short, is_free), ((200, b"xxxxxxxxxx".to_vec()), true));
}

#[tokio::test]
async fn a_body_without_a_length_ends_with_the_connection() {
    let (mut connection, receiver) = hearing(b"HTTP/1.1 500 No\r\n\r\nwhy").await;
    drop(receiver);
    let (head, body) = connection.exchange(&request(b""), LIMITS, || {}).await.unwrap();
    assert_eq!((head.status, body.as_slice()), (500, &b"why"[..]));
    assert!(!connection.is_free());
}

#[tokio::test]
async fn interim_answers_come_to_an_end() {
    let hint = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    let end = "HTTP/1.1 204 No Content\r\n\r\n";
    let (few, is_free) = whole(format!("{}{end}", hint.repeat(15)).as_bytes()).await;
    assert_eq!((few, is_free), ((204, Vec::new()), true));
    let (many, _) = answer(format!("{}{end}", hint.repeat(16)).as_bytes()).await;
    assert!(matches!(many, Err(WireError::NotHttp)), "{many:?}");
}

#[tokio::test]
async fn a_head_without_end_is_no_answer() {
    let text = format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(60 * 1_024));
    let (mut connection, mut receiver) = hearing(text.as_bytes()).await;
    let request = request(b"");
    let more = vec![b'y'; 8 * 1_024];
    let (answer, _) =
        tokio::join!(connection.exchange(&request, LIMITS, || {}), receiver.write_all(&more));
    assert!(matches!(answer, Err(WireError::NotHttp)));
}

#[tokio::test]
async fn a_receiver_that_answers_before_it_has_read_everything_is_heard() {
    let (mut connection, mut theirs) = narrow();
    let request = request(&LONG);
    let (answer, ()) = tokio::join!(connection.exchange(&request, LIMITS, || {}), async {
        let mut read = [0; 100];
        theirs.read_exact(&mut read).await.unwrap();
        let refusal = b"HTTP/1.1 413 Too Much\r\ncontent-length: 0\r\n\r\n";
        theirs.write_all(refusal).await.unwrap();
    });
    assert_eq!(answer.unwrap().0.status, 413);
    assert!(!connection.is_free());

    // One that also closes the connection.
    let (mut connection, receiver) = hearing(b"HTTP/1.1 413 Too Much\r\n\r\n").await;
    drop(receiver);
    let answer = connection.exchange(&request, LIMITS, || {}).await;
    assert_eq!(answer.unwrap().0.status, 413);
}

#[tokio::test]
async fn it_is_known_whether_anything_was_sent() {
    let (mut connection, receiver) = hearing(b"").await;
    drop(receiver);
    let answer = connection.exchange(&request(b""), LIMITS, || {}).await;
    assert!(matches!(answer, Err(WireError::Unsent(_))));

    let (mut connection, mut theirs) = narrow();
    let request = request(&LONG);
    let (answer, ()) = tokio::join!(connection.exchange(&request, LIMITS, || {}), async {
        let mut read = [0; 100];
        theirs.read_exact(&mut read).await.unwrap();
        drop(theirs);
    });
    assert!(matches!(answer, Err(WireError::Broken(_))));
}
