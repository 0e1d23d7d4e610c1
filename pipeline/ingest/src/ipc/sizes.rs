//! Whether the buffers of a message can be what they claim. The decoder takes memory for
//! whatever size a packed buffer names, and a failed allocation would end the process.

use arrow::ipc::{CompressionType, Message, MessageHeader, RecordBatch, root_as_message};

/// Marks the start of a message since version 0.15 of the format.
pub(super) const CONTINUATION: [u8; 4] = [0xff; 4];
/// Bytes before the packed bytes that say how many there will be.
const PREFIX: usize = 8;
/// Says that a buffer is not packed.
const AS_IT_IS: i64 = -1;
/// Most bytes that a byte of LZ4 or of Zstandard can become, and a block besides.
const LZ4: u64 = 255;
const ZSTD: u64 = 32 << 10;
const BLOCK: u64 = 4 << 20;

/// A message from its own bytes, after the prefix if there is one.
pub(super) fn message(bytes: &[u8]) -> Result<Message<'_>, String> {
    let start = if bytes.starts_with(&CONTINUATION) { 8 } else { 4 };
    let bytes = bytes.get(start..).ok_or("a message is cut off")?;
    root_as_message(bytes).map_err(|error| error.to_string())
}

/// Checks the buffers of `message`, which lie in `body`.
pub(super) fn check(message: &Message<'_>, body: &[u8]) -> Result<(), String> {
    match message.header_type() {
        MessageHeader::RecordBatch => message.header_as_record_batch(),
        MessageHeader::DictionaryBatch => {
            message.header_as_dictionary_batch().and_then(|batch| batch.data())
        }
        _ => None,
    }
    .map_or(Ok(()), |batch| check_buffers(&batch, body))
}

fn check_buffers(batch: &RecordBatch<'_>, body: &[u8]) -> Result<(), String> {
    for buffer in batch.buffers().iter().flatten() {
        let place =
            usize::try_from(buffer.offset()).ok().zip(usize::try_from(buffer.length()).ok());
        let bytes = place.and_then(|(from, length)| body.get(from..from.checked_add(length)?));
        let bytes = bytes.ok_or("a buffer lies outside of its batch")?;
        let Some(compression) = batch.compression().filter(|_| !bytes.is_empty()) else { continue };
        let (claimed, packed) = bytes.split_first_chunk::<PREFIX>().ok_or("a buffer is cut off")?;
        let claimed = i64::from_le_bytes(*claimed);
        if claimed == AS_IT_IS {
            continue;
        }
        let most = if compression.codec() == CompressionType::ZSTD { ZSTD } else { LZ4 };
        let most = (packed.len() as u64).saturating_mul(most).saturating_add(BLOCK);
        let named = match compression.codec() {
            CompressionType::ZSTD => zstd::zstd_safe::get_frame_content_size(packed).ok().flatten(),
            _ => None,
        };
        let possible = u64::try_from(claimed)
            .is_ok_and(|claimed| claimed <= most && named.is_none_or(|named| named == claimed));
        if !possible {
            return Err(format!("a buffer of {} bytes claims to hold {claimed}", packed.len()));
        }
    }
    Ok(())
}
