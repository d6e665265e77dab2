//! WebSocket sessions and fan-out.
