"""What goes on paper and into calendars: read from what is published, without what is nobody else's business."""
