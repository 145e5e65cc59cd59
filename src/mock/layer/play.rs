//! An answer that goes out at a pace, or not as it should.

use super::pace;
use super::patch::patched;
use super::piece::{broken, rewritten, unfinished};
use super::step::{Ending, Step, endings};
use crate::exchange::{Cadence, Fault, Moment, Terminator};
use crate::mock::grpc;
use crate::mock::line::Line;
use crate::mock::stream::WriteError;
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use std::collections::VecDeque;
use std::time::Duration;

/// How long silence lasts before the connection is closed after all.
pub(super) const LONGEST_SILENCE: Duration = Duration::from_secs(600);
/// The white space that goes out at a time.
const PADDING: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// The error that makes the connection end in the middle of an answer.
#[derive(Debug, thiserror::Error)]
#[error("A fault of the lane ended the answer.")]
pub(super) struct Cut;

/// What is known of an answer that is played.
pub(super) struct Play {
    /// What goes wrong.
    pub(super) fault: Fault,
    /// How fast it comes.
    pub(super) cadence: Option<Cadence>,
    /// Whether its pieces are events.
    pub(super) is_stream: bool,
    /// Whether its pieces are messages of gRPC.
    pub(super) is_grpc: bool,
    /// How an error in the middle is written.
    pub(super) error: WriteError,
    /// The connection that it goes out on.
    pub(super) line: Line,
}

/// A played answer on its way.
struct Playing {
    play: Play,
    body: Body,
    /// What stands behind its body.
    trailers: HeaderMap,
    /// The next piece, which has been fetched to know whether the one before is the last.
    ahead: Option<Bytes>,
    steps: VecDeque<Step>,
    events: u32,
    bytes: u64,
    is_over: bool,
}

impl Play {
    /// The body as it goes out.
    pub(super) fn body(self, body: Body) -> Body {
        let mut playing = Playing {
            play: self,
            body,
            trailers: HeaderMap::new(),
            ahead: None,
            steps: VecDeque::new(),
            events: 0,
            bytes: 0,
            is_over: false,
        };
        playing.begin();
        Body::new(StreamBody::new(futures_util::stream::unfold(playing, |mut playing| async {
            playing.next().await.map(|sent| (sent, playing))
        })))
    }

    fn is_at(&self, wanted: impl Fn(Moment) -> bool) -> Option<Ending> {
        endings(&self.fault).find(|(moment, _)| wanted(*moment)).map(|(_, ending)| ending)
    }
}

impl Playing {
    fn begin(&mut self) {
        if let Some(ending) = self.play.is_at(|moment| matches!(moment, Moment::AfterHeaders | Moment::AfterBytes(0))) {
            // The pause lets the head go out.
            self.steps.extend([Step::Wait(Duration::from_millis(1)), Step::End(ending)]);
        }
        if let Some(size) = self.play.fault.oversize {
            let comment = |text| self.play.is_stream.then_some(Step::Send(Bytes::from_static(text)));
            let padding = [comment(b":"), Some(Step::Pad(size)), comment(b"\n\n")];
            self.steps.extend(padding.into_iter().flatten());
        }
    }

    async fn next(&mut self) -> Option<Result<Frame<Bytes>, Cut>> {
        loop {
            match self.steps.pop_front() {
                Some(Step::Send(bytes)) => return Some(Ok(Frame::data(bytes))),
                Some(Step::Trail(trailers)) => return Some(Ok(Frame::trailers(trailers))),
                Some(Step::Pad(left)) => return Some(Ok(Frame::data(self.pad(left)))),
                Some(Step::Wait(time)) => tokio::time::sleep(time).await,
                Some(Step::End(ending)) => return self.end(ending).await,
                None if self.is_over => return None,
                None => {
                    if self.plan().await.is_err() {
                        return Some(Err(Cut));
                    }
                }
            }
        }
    }

    fn pad(&mut self, left: u64) -> Bytes {
        let size = left.min(PADDING.len() as u64);
        if left > size {
            self.steps.push_front(Step::Pad(left - size));
        }
        // It is no longer than the padding.
        Bytes::from_static(&PADDING).slice(..size as usize)
    }

    async fn end(&mut self, ending: Ending) -> Option<Result<Frame<Bytes>, Cut>> {
        self.steps.clear();
        self.is_over = true;
        match ending {
            Ending::Truncate => return None,
            Ending::Cut => {}
            Ending::Reset => self.play.line.reset_at_end(),
            Ending::Hang => tokio::time::sleep(LONGEST_SILENCE).await,
        }
        Some(Err(Cut))
    }

    /// The next piece of the mock's answer; what stands behind the last one is put aside.
    async fn piece(&mut self) -> Result<Option<Bytes>, axum::Error> {
        while let Some(frame) = self.body.frame().await.transpose()? {
            match frame.into_data() {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(frame) => self.trailers.extend(frame.into_trailers().unwrap_or_default()),
            }
        }
        Ok(None)
    }

    /// Fetches the next piece and plans what becomes of it.
    async fn plan(&mut self) -> Result<(), axum::Error> {
        let piece = match self.ahead.take() {
            Some(piece) => Some(piece),
            None => self.piece().await?,
        };
        if self.plan_before() {
            return Ok(());
        }
        let Some(mut piece) = piece else {
            self.is_over = true;
            if !self.trailers.is_empty() {
                self.steps.push_back(Step::Trail(std::mem::take(&mut self.trailers)));
            }
            return Ok(());
        };
        let mut copies = 1;
        if let Some(terminator) = self.play.fault.terminator.filter(|_| self.play.is_stream) {
            self.ahead = self.piece().await?;
            match (terminator, &self.ahead) {
                (Terminator::Missing, None) => copies = 0,
                (Terminator::Twice, None) => copies = 2,
                (Terminator::Unfinished, None) => piece = unfinished(&piece),
                _ => {}
            }
        }
        for _ in 0..copies {
            self.plan_piece(&piece);
        }
        self.events += 1;
        Ok(())
    }

    /// What happens between the last piece and the next; true when the answer ends with it.
    fn plan_before(&mut self) -> bool {
        let events = self.events;
        if let Some(error) = self.play.fault.error_event.filter(|error| error.after_events == events) {
            let status = StatusCode::from_u16(error.status.unwrap_or(500)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            self.steps.push_back(match self.play.is_grpc {
                true => Step::Trail(grpc::end(status)),
                false => Step::Send(self.play.error.write(status, events)),
            });
            self.steps.push_back(Step::End(Ending::Truncate));
            return true;
        }
        match self.play.is_at(|moment| moment == Moment::AfterEvents(events)) {
            Some(ending) => self.steps.push_back(Step::End(ending)),
            None => return false,
        }
        true
    }

    fn plan_piece(&mut self, piece: &Bytes) {
        let play = &self.play;
        if let Some(cadence) = &play.cadence {
            self.steps.push_back(Step::Wait(pace::wait(cadence, self.events)));
        }
        let mut piece = match play.fault.patch.as_slice() {
            [] => piece.clone(),
            changes => patched(piece, changes),
        };
        let malformed_place = u32::from(play.is_stream);
        if let Some(how) = play.fault.malformed.filter(|_| self.events == malformed_place) {
            piece = broken(&piece, how, play.is_grpc);
        }
        if let Some(how) = play.fault.writing.filter(|_| play.is_stream) {
            piece = rewritten(&piece, how, self.events == 0);
        }
        let room = endings(&play.fault).find_map(|(moment, ending)| match moment {
            Moment::AfterBytes(limit) if self.bytes + piece.len() as u64 >= limit => Some((limit - self.bytes, ending)),
            _ => None,
        });
        self.bytes += piece.len() as u64;
        match room {
            None => self.plan_bytes(&piece),
            Some((room, ending)) => {
                // The room is no longer than the piece.
                self.plan_bytes(&piece.slice(..room as usize));
                self.steps.push_back(Step::End(ending));
            }
        }
    }

    fn plan_bytes(&mut self, bytes: &Bytes) {
        let Some(drip) = self.play.fault.drip else {
            self.steps.push_back(Step::Send(bytes.clone()));
            return;
        };
        let size = drip.bytes.max(1) as usize;
        for start in (0..bytes.len()).step_by(size) {
            self.steps.push_back(Step::Wait(Duration::from_millis(drip.every_ms)));
            self.steps.push_back(Step::Send(bytes.slice(start..bytes.len().min(start + size))));
        }
    }
}
