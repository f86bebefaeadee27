namespace Ringmaster.Devices.Input;

/// <summary>A keyboard of the guest's, as somebody's fingers see it.</summary>
public interface IKeyboardInput
{
    /// <summary>A key goes down, repeats or comes up. Called with the machine's lock held.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isDown">False when it comes up.</param>
    void Press(Key key, bool isDown);
}
